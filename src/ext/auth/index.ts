/** Sign-in: tokens, who may do what, accounts. */

export type { Authenticator, Identity } from './authenticator.ts'
export {
  type Authentication,
  authentication,
  type AuthParts,
  type SignedInOptions,
} from './authentication.ts'
export type { AuthOptions, WithoutTokensOptions } from './auth_options.ts'
export {
  type APIKeyOptions,
  type APIKeyParts,
  APIKeys,
  apiKeys,
  type KeyGrant,
  type KeyTexts,
} from './keys/api_keys.ts'
export { databaseKeyStore } from './keys/database_key_store.ts'
export type { IssuedKey, KeyFault, NewKey } from './keys/issued_keys.ts'
export type { APIKey, KeyStore, StoredAPIKey } from './keys/key_store.ts'
export { memoryKeyStore } from './keys/memory_key_store.ts'
export { apiKeyModels } from './keys/models.ts'
export type { StaticKey, StaticKeyOptions } from './keys/static_keys.ts'
export { basicAuth, type BasicAuthParts } from './basic_auth.ts'
export {
  type Session,
  type SessionOptions,
  type SessionParts,
  SignedSessions,
  signedSessions,
} from './signed_sessions.ts'
export type { TokenLocation } from './carriers.ts'
export type { DatabasePort } from './database_port.ts'
export { databaseTokenStore } from './database_token_store.ts'
export { memoryTokenStore } from './memory_token_store.ts'
export { authModels } from './models.ts'
export {
  type MaybeSignedIn,
  type PermissionContext,
  type SignedIn,
  type SignInRules,
} from './signed_in.ts'
export { SignInError, type SignInErrorCode, type SignInErrorOptions } from './sign_in_error.ts'
export type { LoadUser } from './token_authenticator.ts'
export type { RolesOf } from './token_checks.ts'
export type { TokenCookiesOptions } from './token_cookies.ts'
export type { TokenPair } from './token_pair.ts'
export type { TokenContents } from './token_sessions.ts'
export type {
  NewFamily,
  Rotation,
  RotationOutcome,
  TokenFamily,
  TokenNames,
  TokenStore,
} from './token_store.ts'
export type { TrustedIssuer } from './trusted_issuers.ts'
export type { Claims } from '../../token/jwt/claims.ts'
export { type IssuedToken } from '../../token/jwt/issuer.ts'
export {
  type Algorithm,
  type KeyOptions,
  privateKey,
  publicKey,
  secretKey,
  type TokenKey,
} from '../../token/jwt/key.ts'
export { KeyRing, type KeyRingOptions } from '../../token/jwt/key_ring.ts'
export type { KeySource } from '../../token/jwt/key_source.ts'
export { RemoteKeys, type RemoteKeysOptions } from '../../token/jwt/remote_keys.ts'
export { TokenError, type TokenErrorCode } from '../../token/jwt/token_error.ts'
export { InvalidKey } from '../../token/invalid_key.ts'
export { type Accounts, accounts } from './accounts/accounts.ts'
export type { AccountMail, AccountsOptions, AccountsParts } from './accounts/accounts_options.ts'
export type { Account, AccountStore, NewAccount } from './accounts/account_store.ts'
export {
  type AttemptKey,
  type AttemptStore,
  databaseAttemptStore,
  memoryAttemptStore,
} from './accounts/attempt_store.ts'
export { type AccountColumns, databaseAccounts } from './accounts/database_accounts.ts'
export { databaseSecondFactors } from './accounts/database_second_factors.ts'
export { secondFactorModels } from './accounts/second_factor_models.ts'
export type { SecondFactor, SecondFactorStore } from './accounts/second_factor_store.ts'
export type { Mail, Mailer } from './accounts/mailer.ts'
export { smtpMailer, type SMTPMailerOptions } from './accounts/smtp_mailer.ts'
export type { AccountTexts, MailText } from './accounts/texts.ts'
export type { ThrottleOptions } from './accounts/throttle.ts'
export { PasswordHasher, type PasswordHasherOptions } from '../../token/passwords/hasher.ts'
export { PasswordRules, type PasswordRulesOptions } from '../../token/passwords/password_rules.ts'
