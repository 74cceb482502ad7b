import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A YAML file as a tree of texts, asked by path; what is not there is an empty text or an empty list. */
export class YamlFile {
  private constructor(private readonly root: unknown) {}

  static read(path: string): YamlFile {
    return new YamlFile(parse(readFileSync(path, 'utf8'), { schema: 'failsafe' }));
  }

  at(...path: readonly string[]): YamlFile {
    let node = this.root;
    for (const key of path) {
      node = typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined;
    }
    return new YamlFile(node);
  }

  get exists(): boolean {
    return this.root !== undefined;
  }

  get text(): string {
    return typeof this.root === 'string' ? this.root : '';
  }

  get list(): readonly YamlFile[] {
    return Array.isArray(this.root) ? this.root.map((node) => new YamlFile(node)) : [];
  }

  get entries(): readonly (readonly [string, YamlFile])[] {
    if (typeof this.root !== 'object' || this.root === null) return [];
    return Object.entries(this.root).map(([key, node]) => [key, new YamlFile(node)]);
  }
}
