import { GatewayError } from '../kernel/errors.js';

/** A secret is referred to that nobody stored. */
export class SecretMissingError extends GatewayError {
  readonly code = 'config.secret_missing';
  readonly recovery = 'halt';
  readonly remedy = '请运行 heyi secret set <名称> 存入该机密，或改正配置中的引用。';
}

/** The key that wraps the secrets is not here, or is not a key. */
export class KeyMissingError extends GatewayError {
  readonly code = 'config.kek_missing';
  readonly recovery = 'halt';
  readonly remedy =
    '请把主密钥文件放回原处，或用 HEYI_KEK_FILE 指明它；主密钥丢失后只能重新录入各项机密。';
}

/** An envelope does not open: changed, moved to another name, or wrapped by another key. */
export class EnvelopeBrokenError extends GatewayError {
  readonly code = 'config.secret_broken';
  readonly recovery = 'halt';
  readonly remedy =
    '请运行 heyi secret set <名称> 重新录入该机密；如非本人改动，请报告安全管理员。';
}
