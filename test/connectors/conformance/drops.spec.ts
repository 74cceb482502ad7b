import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FixtureRow,
  type PreparedSource,
  type SourceFixture,
  sourceContext,
} from './source-fixture.js';
import { connectorConformance } from './suite.js';

const SUM = '115.08';
const COLUMNS = ['no', 'settled', 'name', 'amount'];

abstract class DropFixture implements SourceFixture {
  private readonly folder = mkdtempSync(join(tmpdir(), 'heyi-drops-'));

  abstract readonly extension: string;
  abstract readonly stream: Readonly<Record<string, unknown>>;
  abstract text(rows: readonly FixtureRow[]): string;

  async prepare(rows: readonly FixtureRow[]): Promise<PreparedSource> {
    writeFileSync(join(this.folder, `drop-202401.${this.extension}`), this.text(rows));
    return {
      options: { folder: this.folder, files: `drop-{yyyyMMdd?}.${this.extension}` },
      stream: { columns: COLUMNS, required: ['no', 'settled', 'amount'], ...this.stream },
      context: sourceContext(this.folder),
    };
  }

  lacking(source: PreparedSource): PreparedSource {
    const stream = { ...source.stream, columns: ['no', 'absent'], required: ['absent'] };
    return { ...source, stream };
  }

  unreachable(source: PreparedSource): PreparedSource {
    return { ...source, options: { ...source.options, folder: join(this.folder, 'gone') } };
  }

  async dispose(): Promise<void> {
    rmSync(this.folder, { recursive: true });
  }
}

class XmlFixture extends DropFixture {
  readonly extension = 'xml';
  readonly stream = { record: 'drop/row', control: { rows: '@rows', amount: '@amount' } };

  text(rows: readonly FixtureRow[]): string {
    const body = rows.map(({ no, settled, name, amount }) => {
      const named = name === null ? '' : `<name>${name.replaceAll('"', '&quot;')}</name>`;
      return `<row><no>${no}</no><settled>${settled}</settled>${named}<amount>${amount}</amount></row>`;
    });
    return `<drop rows="${rows.length}" amount="${SUM}">${body.join('\n')}</drop>`;
  }
}

class CsvFixture extends DropFixture {
  readonly extension = 'csv';
  readonly stream = { control: { rows: '1', amount: '2' } };

  text(rows: readonly FixtureRow[]): string {
    const body = rows.map(({ no, settled, name, amount }) => {
      const quoted = `"${(name ?? '').replaceAll('"', '""')}"`;
      return [amount, quoted, no, settled].join(',');
    });
    return ['\ufeffamount,name,no,settled', ...body, `#TOTAL,${rows.length},${SUM}`].join('\r\n');
  }
}

connectorConformance('xml', new XmlFixture());
connectorConformance('csv', new CsvFixture());
