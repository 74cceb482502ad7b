export { priceCap } from './price-cap.js';
