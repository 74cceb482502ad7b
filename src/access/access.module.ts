import { type DynamicModule, Module } from '@nestjs/common';
import type pg from 'pg';
import { JournalModule } from '../journal/journal.module.js';
import { JournalService } from '../journal/journal.service.js';
import { SessionService } from './session.service.js';
import type { AccessSettings } from './settings.js';
import { UserService } from './user.service.js';

/** Accounts and sessions of one consortium, on the pool that `poolToken` names. */
@Module({})
export class AccessModule {
  static on(poolToken: symbol, settings: AccessSettings): DynamicModule {
    const inject = [poolToken, JournalService];
    return {
      module: AccessModule,
      imports: [JournalModule],
      providers: [
        {
          provide: SessionService,
          inject,
          useFactory: (pool: pg.Pool, journal: JournalService) =>
            new SessionService(pool, journal, settings),
        },
        {
          provide: UserService,
          inject,
          useFactory: (pool: pg.Pool, journal: JournalService) =>
            new UserService(pool, journal, settings),
        },
      ],
      exports: [SessionService, UserService],
    };
  }
}
