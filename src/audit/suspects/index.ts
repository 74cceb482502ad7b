/** Questions to the books, by the name a template's `suspects` gives. */
export { someStays } from './some-stays.repository.js';
