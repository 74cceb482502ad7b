export { reconcileTotals } from './3201.js';
export { reconcileLines } from './3202.js';
export { signIn } from './9001.js';
export { uploadFile } from './9101.js';
export { downloadFile } from './9102.js';
