import { uploadContent } from '../content.js';
import { defineTransaction, fieldsOf } from '../transaction.js';

/** Upload of a file (文件上传), as Base64 inside the JSON. The answer comes with or without an `output` wrapper. */
export const uploadFile = defineTransaction({
  code: '9101',
  title: '文件上传',
  content: uploadContent,
  input: (content) => ({
    fsUploadIn: {
      in: content.archiveBase64,
      filename: content.fileName,
      fixmedins_code: content.institution,
    },
  }),
  result({ body }) {
    const fields = fieldsOf(body['output']) ?? fieldsOf(body);
    const fileNumber = fields?.['file_qury_no'] ?? '';
    const fileName = fields?.['filename'] ?? '';
    return fileNumber === '' ? null : { kind: 'file-taken', fileNumber, fileName };
  },
});
