import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../src/app/app.module.js';
import { ROLES, schedules, serves, works } from '../../src/app/role.js';
import { siteOf } from '../../src/config/site.js';
import { HandlerRegistry } from '../../src/jobs/handler-registry.js';
import * as kinds from '../../src/jobs/job-kinds.js';
import { LeaderService } from '../../src/jobs/leader.service.js';
import { RunService } from '../../src/jobs/run.service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(12);
});

afterAll(() => database.drop());

const site = siteOf(join(import.meta.dirname, '../..'), { HEYI_SITE: 'config/demo' });

describe.each(ROLES)('a process of role %s', (role) => {
  it('finds everything it injects, and a handler for each kind of job if it works', async () => {
    const module = AppModule.forRole(role, { pool: database.pool, site });
    const app = await NestFactory.createApplicationContext(module, {
      logger: false,
      abortOnError: false,
    });
    try {
      expect(app.get(RunService, { strict: false })).toBeDefined();
      expect(app.get(LeaderService, { strict: false })).toBeDefined();
      if (works(role)) {
        expect(app.get(HandlerRegistry, { strict: false }).names()).toEqual(
          Object.values(kinds)
            .map(({ name }) => name)
            .sort(),
        );
      }
    } finally {
      await app.close();
    }
  });
});

it('every duty belongs to exactly one role besides `all`', () => {
  for (const duty of [schedules, serves, works]) {
    expect(ROLES.filter(duty)).toHaveLength(2);
  }
});
