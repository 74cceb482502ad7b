import { GatewayError } from '../../kernel/errors.js';

/** The folder is no backup, an unfinished one, or its files are not those its list names. */
export class BackupBrokenError extends GatewayError {
  readonly code = 'input.backup_broken';
  readonly recovery = 'halt';
  readonly remedy = '请改用另一份备份；本次没有写入任何数据。';
}

/** Something is in the way of writing the backup. */
export class BackupFolderError extends GatewayError {
  readonly code = 'input.backup_folder';
  readonly recovery = 'halt';
  readonly remedy = '请指定一个还不存在的文件夹，其上级文件夹须存在且可写。';
}

/** The database to restore into holds something. */
export class DatabaseNotEmptyError extends GatewayError {
  readonly code = 'input.database_not_empty';
  readonly recovery = 'halt';
  readonly remedy =
    '恢复只写入空库：请新建一个数据库并把 DATABASE_URL 指向它，或移走 .heyi 数据目录。';
}

/** The backup was made by another version of the product. */
export class BackupVersionError extends GatewayError {
  readonly code = 'input.backup_version';
  readonly recovery = 'halt';
  readonly remedy = '请用做备份时的版本恢复，再升级到新版本。';
}

/** What was restored is not what was backed up; everything was rolled back. */
export class RestoreMismatchError extends GatewayError {
  readonly code = 'restore.mismatch';
  readonly recovery = 'halt';
  readonly remedy = '数据库未改动。请保留该备份并联系维护人员。';
}
