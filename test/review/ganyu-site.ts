import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSORTIUM } from '../settlement/site.js';

const root = join(import.meta.dirname, '../..');
/** A consortium in a region that deducts monthly. */
export const GANYU = {
  'consortium.yaml': `
consortium: ${CONSORTIUM}
name: 测试县
region: ganyu
leadHospital: L
certificateKey: 0123456789abcdef
members:
  - { institution: L, name: 县医院, kind: lead-hospital, level: secondary }
  - { institution: T, name: 镇卫生院, kind: township-centre, level: primary }
`,
  'records.yaml': `
consortium: ${CONSORTIUM}
region: ganyu
documents: { sample-2025-2: { number: 样例, title: 样例, issued: 2025-01-10 } }
`,
  'overlays/ganyu.yaml': readFileSync(
    join(root, 'config/demo/regions/ganyu/overlays/ganyu-sample.yaml'),
    'utf8',
  ),
};
