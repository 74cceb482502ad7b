import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

const LOOPBACK = '127.0.0.1';

export interface ServedApi {
  readonly url: string;
  readonly docsUrl: string;
}

/** Lets the application answer on loopback, with its OpenAPI page at `/docs`. @param port  0 = any free one */
export async function serveApi(app: INestApplication, port: number): Promise<ServedApi> {
  const document = new DocumentBuilder()
    .setTitle('合医 Heyi')
    .setDescription('医共体医保对接与结算网关的查询接口 / read API of the insurance gateway')
    .setVersion('1')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document), {
    jsonDocumentUrl: 'docs/openapi.json',
  });
  await app.listen(port, LOOPBACK);
  const { port: bound } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${LOOPBACK}:${bound}`;
  return { url, docsUrl: `${url}/docs` };
}
