import { Injectable } from '@nestjs/common';
import { ReviewService } from '../../review/review.service.js';
import type { JobContext, JobHandler, JobResult } from '../job.js';
import { confirmHard } from '../job-kinds.js';
import { Prerequisites } from '../prerequisites.service.js';

/** Carries out the standing decision on findings that need no judgement. Safe to repeat: what is decided stays decided. */
@Injectable()
export class ConfirmHardJob implements JobHandler<Payload> {
  readonly job = confirmHard;

  constructor(
    private readonly review: ReviewService,
    private readonly prerequisites: Prerequisites,
  ) {}

  async handle(payload: Payload, { item }: JobContext): Promise<JobResult> {
    await this.prerequisites.assertCalculated(item);
    const { confirmed, alreadyConfirmed, amountFen } = await this.review.confirmHard(payload);
    return { confirmed, alreadyConfirmed, amountFen: amountFen.toString() };
  }
}

type Payload = ReturnType<typeof confirmHard.payload.parse>;
