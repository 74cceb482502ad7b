/** Injection token of the one `pg.Pool` of the process: `@Inject(DATABASE_POOL) private readonly pool: pg.Pool`. */
export const DATABASE_POOL = Symbol('DATABASE_POOL');
