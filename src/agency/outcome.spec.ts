import { describe, expect, it } from '@jest/globals';
import type { Delivery } from './agency.client.js';
import { outcomeOf } from './outcome.js';
import type { AgencySettings } from './profile.js';
import type { RegisteredTransaction } from './transaction.js';

const settings = { profile: { repeatedTexts: ['报文重复'] } } as unknown as AgencySettings;
const transaction = {} as RegisteredTransaction;

function refusal(text: string): Delivery {
  const bytes = new TextEncoder().encode(JSON.stringify({ infcode: -1, err_msg: text }));
  return { kind: 'answer', answer: { status: 200, contentType: 'application/json', bytes } };
}

describe('a refusal', () => {
  it.each([
    { askedAgain: true, text: '报文重复，请勿重复提交', event: 'lose' },
    { askedAgain: true, text: '金额不符', event: 'reject' },
    { askedAgain: false, text: '报文重复，请勿重复提交', event: 'reject' },
  ])('of “$text”, asked again: $askedAgain, is $event', ({ askedAgain, text, event }) => {
    expect(outcomeOf(refusal(text), transaction, { settings, askedAgain })).toMatchObject({
      event,
    });
  });
});
