/** The clock by which sources are read: hours, and how far the running day has come. Absent: this machine's. */
export const INGEST_CLOCK = Symbol('INGEST_CLOCK');
