import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import helmet from 'helmet';
import { SessionService } from '../access/session.service.js';
import { GatewayError } from '../kernel/errors.js';
import { API_SETTINGS, type ApiSettings } from './api-settings.js';
import { AppealBodies } from './appeal-body.client.js';
import { FORGERY_HEADER } from './caller.js';
import { InsecureRequestError } from './errors.js';
import type { HttpRequest, HttpResponse } from './http.js';
import { type ListenSettings, listenSettings } from './listen.js';
import { ProblemFilter } from './problem.filter.js';
import { SHEET_TYPES } from './sheet-body.client.js';

export interface ServedApi {
  readonly url: string;
  readonly docsUrl: string;
}

/** Another program answers on the port. */
class PortTakenError extends GatewayError {
  readonly code = 'api.port_taken';
  readonly recovery = 'halt';
  readonly remedy = '请用 --port 指定另一个端口，或 --port 0 任选空闲端口。';
}

/** Below it everything but what the operating side asks for. */
const PREFIX = 'api/v1';
const OUTSIDE = ['healthz', 'readyz', 'metrics'];

/**
 * Lets the application answer, with its OpenAPI page at `/docs`: on loopback, or where HEYI_LISTEN says behind a TLS proxy.
 *
 * @param port  0 = any free one
 * @throws PortTakenError, ExposedApiError
 */
export async function serveApi(app: INestApplication, port: number): Promise<ServedApi> {
  const listen = listenSettings(process.env);
  harden(app as NestExpressApplication, listen);
  app.setGlobalPrefix(PREFIX, { exclude: OUTSIDE });
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'docs/openapi.json',
  });
  try {
    await app.listen(port, listen.host);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new PortTakenError(`端口 ${port} 已被占用`, { port }, { cause });
  }
  const { port: bound } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${listen.host}:${bound}`;
  return { url, docsUrl: `${url}/docs` };
}

function describeApi(app: INestApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('合医 Heyi')
    .setDescription('医共体医保对接与结算网关的接口 / API of the insurance gateway')
    .setVersion('1')
    .addCookieAuth('heyi_session')
    .addApiKey({ type: 'apiKey', in: 'header', name: FORGERY_HEADER }, 'csrf')
    .build();
  return SwaggerModule.createDocument(app, document);
}

/** Headers, bounds and whom to believe about the client, before anything else sees a request. */
function harden(app: NestExpressApplication, { proxies }: ListenSettings): void {
  const { limits } = app.get<ApiSettings>(API_SETTINGS, { strict: false });
  const filter = new ProblemFilter();
  const isBehindProxy = proxies.length > 0;
  app.set('trust proxy', isBehindProxy ? [...proxies] : false);
  app.use(
    helmet({
      contentSecurityPolicy: {
        directives: {
          upgradeInsecureRequests: isBehindProxy ? [] : null,
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: isBehindProxy,
    }),
  );
  app.use((request: HttpRequest, response: HttpResponse, next: () => void) => {
    response.setHeader('Cache-Control', 'no-store');
    const isAsked = request.path.startsWith(`/${PREFIX}/`) || request.path.startsWith('/docs');
    if (!isBehindProxy || !isAsked || request.secure) next();
    else filter.answer(new InsecureRequestError('只应答经由 TLS 的请求'), request, response);
  });
  const appeals = new AppealBodies(app.get(SessionService, { strict: false }), PREFIX);
  app.use(appeals.look);
  // The first parser that takes a body is the only one that reads it.
  app.useBodyParser('json', { limit: limits.appealBytes, type: appeals.take });
  app.useBodyParser('json', { limit: limits.bodyBytes });
  app.useBodyParser('raw', { limit: limits.bodyBytes, type: [...SHEET_TYPES] });
}
