import type { Site } from '../config/site.js';
import type { ProbeFinding } from '../connectors/connector.js';
import type { Stream } from './fields.js';
import { connectorStream, openSource, SiteSources } from './site-sources.loader.js';

/**
 * Looks at a member's source without reading its records.
 * @throws ConfigError, SourceUnreachableError
 */
export async function probeSource(
  site: Site,
  institution: string,
  signal = new AbortController().signal,
): Promise<readonly ProbeFinding[]> {
  const source = new SiteSources(site).of(institution);
  const session = await openSource(source);
  try {
    const streams = Object.keys(source.config.streams).map(
      (name) => [name, connectorStream(source, name as Stream)] as const,
    );
    return await session.probe(Object.fromEntries(streams), signal);
  } finally {
    await session.close();
  }
}
