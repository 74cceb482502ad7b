import { Module } from '@nestjs/common';
import { CatalogueService } from './catalogue.service.js';

/** Needs the global providers DATABASE_POOL and SITE. */
@Module({ providers: [CatalogueService], exports: [CatalogueService] })
export class CatalogueModule {}
