import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { GatewayError } from '../kernel/errors.js';

const LOOPBACK = '127.0.0.1';

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

/**
 * Lets the application answer on loopback, with its OpenAPI page at `/docs`.
 *
 * @param port  0 = any free one
 * @throws PortTakenError
 */
export async function serveApi(app: INestApplication, port: number): Promise<ServedApi> {
  const document = new DocumentBuilder()
    .setTitle('合医 Heyi')
    .setDescription('医共体医保对接与结算网关的查询接口 / read API of the insurance gateway')
    .setVersion('1')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'docs/openapi.json',
  });
  try {
    await app.listen(port, LOOPBACK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new PortTakenError(`端口 ${port} 已被占用`, { port }, { cause });
  }
  const { port: bound } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${LOOPBACK}:${bound}`;
  return { url, docsUrl: `${url}/docs` };
}
