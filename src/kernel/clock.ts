/** The only source of "now". Injected, so that the demo county and the tests run on their own calendar. */
export interface Clock {
  now(): Date;
}
