import type { AgencySettings } from '../agency/profile.js';
import { loadAgencySettings } from '../agency/settings.loader.js';
import type { Site } from '../config/site.js';
import { ListsNotConfiguredError } from './errors.js';
import type { ListField } from './field-table.js';
import { type ListKnowledge, loadFieldTable, loadListKnowledge } from './list-tables.loader.js';
import type { ListConstants } from './settlement-list.js';

/** Everything that lists of a site are made with. */
export interface ListSetup {
  readonly settings: AgencySettings;
  readonly profile: NonNullable<AgencySettings['profile']['settlementList']>;
  readonly table: readonly ListField[];
  readonly knowledge: ListKnowledge;
  readonly constants: ListConstants;
}

/** @throws ListsNotConfiguredError, ConfigError */
export function loadListSetup(site: Site): ListSetup {
  const settings = loadAgencySettings(site);
  const { settlementList: profile } = settings.profile;
  const { settlementList: fill } = settings.site;
  if (profile === undefined || fill === undefined) {
    throw new ListsNotConfiguredError('没有配置结算清单', { profile: settings.profile.profile });
  }
  const { dischargeWays, paymentMethod, westernDiagnosis, principal, procedureTypes } = profile;
  return {
    settings,
    profile,
    table: loadFieldTable(site, profile.fields),
    knowledge: loadListKnowledge(),
    constants: {
      ...{ dischargeWays, paymentMethod, westernDiagnosis, principal, procedureTypes },
      unsubmitted: profile.status.unsubmitted,
      ...fill,
    },
  };
}
