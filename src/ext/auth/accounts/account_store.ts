/** Somebody who can sign in with a password. */
export interface Account<Row> {
  /** As text: the `sub` of the tokens. */
  readonly subject: string
  readonly username: string
  readonly email: string
  readonly passwordHash: string
  /** Whether the mail address is known to be theirs. */
  readonly isConfirmed: boolean
  /** As the app knows them. */
  readonly row: Row
}

export interface NewAccount {
  readonly username: string
  readonly email: string
  readonly passwordHash: string
}

/** Where accounts are kept. `databaseAccounts` makes one of a model. */
export interface AccountStore<Row> {
  /** Whether {@link confirm} is remembered. */
  readonly canConfirm: boolean
  find(subject: string): Promise<Account<Row> | undefined>
  findByName(username: string): Promise<Account<Row> | undefined>
  findByEmail(email: string): Promise<Account<Row> | undefined>
  /** @returns undefined where the name or the address is taken */
  create(account: NewAccount): Promise<Account<Row> | undefined>
  /** Change the hash, unless somebody has done so since the account was read. @returns whether it was changed */
  setPasswordHash(account: Account<Row>, passwordHash: string): Promise<boolean>
  /** Note that the mail address is theirs. */
  confirm(account: Account<Row>): Promise<void>
}
