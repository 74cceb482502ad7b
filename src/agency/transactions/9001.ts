import { signInContent } from '../content.js';
import { defineTransaction, outputNode } from '../transaction.js';

/** Sign-in (签到), once per institution, operator and day; its number goes into every other envelope. */
export const signIn = defineTransaction({
  code: '9001',
  title: '签到',
  content: signInContent,
  input: (_, { site }) => ({
    signIn: { opter_no: site.operator.code, mac: '00-00-00-00-00-00', ip: '127.0.0.1' },
  }),
  result(answered) {
    const signInNo = outputNode(answered, 'signinoutb')?.['sign_no'] ?? '';
    return signInNo === '' ? null : { kind: 'signed-in', signInNo };
  },
});
