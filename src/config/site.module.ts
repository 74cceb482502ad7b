import { type DynamicModule, Module } from '@nestjs/common';
import { SITE, type Site } from './site.js';

/** Gives every module the folders of this installation (`@Inject(SITE)`). */
@Module({})
export class SiteModule {
  static forSite(site: Site): DynamicModule {
    return {
      module: SiteModule,
      global: true,
      providers: [{ provide: SITE, useValue: site }],
      exports: [SITE],
    };
  }
}
