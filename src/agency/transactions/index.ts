export { reconcileTotals } from './3201.js';
export { reconcileLines } from './3202.js';
export { sendList } from './4101a.js';
export { markLists } from './4102.js';
export { countLists } from './4105.js';
export { signIn } from './9001.js';
export { uploadFile } from './9101.js';
export { downloadFile } from './9102.js';
