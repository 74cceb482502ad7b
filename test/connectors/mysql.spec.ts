import { describeWhen } from '../support/describe-when.js';
import {
  type FixtureRow,
  type PreparedSource,
  type SourceFixture,
  sourceContext,
} from './conformance/source-fixture.js';
import { connectorConformance } from './conformance/suite.js';
import { createMariaDatabase, hasMariaDb, type MariaDatabase, NO_MARIADB } from './mariadb.js';

/** A HIS on MariaDB, read through a login that may only select. */
class MariaFixture implements SourceFixture {
  private his: MariaDatabase | null = null;

  async prepare(rows: readonly FixtureRow[]): Promise<PreparedSource> {
    this.his = await createMariaDatabase();
    await this.his.admin.query(
      'CREATE TABLE settlement (no bigint, settled datetime, name varchar(40), amount decimal(12,2))',
    );
    for (const { no, settled, name, amount } of rows) {
      const values = [no, settled, name, amount];
      await this.his.admin.query('INSERT INTO settlement VALUES (?, ?, ?, ?)', values);
    }
    return {
      options: { ...this.his.options },
      stream: {
        query: 'SELECT * FROM settlement;',
        cursor: 'settled',
        cursorFormat: 'iso',
        key: ['no'],
        columns: ['no', 'settled', 'name', 'amount'],
        amount: 'amount',
      },
      context: sourceContext('.'),
    };
  }

  lacking(source: PreparedSource): PreparedSource {
    return { ...source, stream: { ...source.stream, columns: ['no', 'absent'] } };
  }

  unreachable(source: PreparedSource): PreparedSource {
    return { ...source, options: { ...source.options, port: '1' } };
  }

  slow(source: PreparedSource): PreparedSource {
    const query = 'SELECT settlement.*, SLEEP(30) AS waited FROM settlement';
    const columns = ['no', 'settled', 'name', 'amount', 'waited'];
    return { ...source, stream: { ...source.stream, query, columns } };
  }

  async running(): Promise<number> {
    return (await this.his?.running()) ?? 0;
  }

  async dispose(): Promise<void> {
    await this.his?.drop();
  }
}

describeWhen(hasMariaDb, { name: 'mysql on MariaDB', reason: NO_MARIADB }, () => {
  connectorConformance('mysql', new MariaFixture());
});
