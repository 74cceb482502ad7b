import { listContent } from '../content.js';
import { tableFields } from '../national-names.js';
import { defineTransaction, outputNode } from '../transaction.js';

/** Settlement list (医疗保障基金结算清单上传). Its fields were checked against the field table before it came here. */
export const sendList = defineTransaction({
  code: '4101A',
  title: '结算清单上传',
  content: listContent,
  input: ({ head, sections }) => ({
    setlinfo: tableFields(head),
    ...Object.fromEntries(
      Object.entries(sections).map(([name, rows]) => [name, rows.map(tableFields)]),
    ),
  }),
  result(answered) {
    const listId = outputNode(answered, 'data')?.['setl_list_id'] ?? '';
    return listId === '' ? null : { kind: 'list-taken', listId };
  },
});
