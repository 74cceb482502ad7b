import { Injectable } from '@nestjs/common';
import { HeartbeatService } from './heartbeat.service.js';
import { RelayService } from './relay.service.js';

/** What every process that works or leads does besides. */
@Injectable()
export class Duties {
  constructor(
    readonly heartbeat: HeartbeatService,
    readonly relay: RelayService,
  ) {}
}
