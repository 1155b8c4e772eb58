/** What accounts say to people. */
export interface AccountTexts {
  readonly loginIncomplete: string
  readonly loginWrong: string
  readonly loginUnconfirmed: string
  readonly registerIncomplete: string
  readonly registered: string
  readonly registeredByMail: string
  readonly taken: string
  readonly userUnknown: string
  readonly passwordIncomplete: string
  readonly passwordWrong: string
  readonly linkInvalid: string
  readonly resetSent: string
  readonly codeRequired: string
  readonly codeWrong: string
  readonly codeIncomplete: string
  readonly secondFactorExists: string
  readonly confirmMail: (url: string) => MailText
  readonly takenMail: (url: string) => MailText
  readonly resetMail: (url: string) => MailText
}

export interface MailText {
  readonly subject: string
  readonly text: string
}

export const DEFAULT_TEXTS: AccountTexts = {
  loginIncomplete: 'Username and password required',
  loginWrong: 'Invalid username or password',
  loginUnconfirmed: 'Confirm your mail address first',
  registerIncomplete: 'Missing username, email, or password',
  registered: 'User registered successfully',
  registeredByMail: 'A mail is on its way; follow the link in it',
  taken: 'Username or email already exists',
  userUnknown: 'User not found for token identity',
  passwordIncomplete: 'Missing password or new password',
  passwordWrong: 'The password is not right',
  linkInvalid: 'This link is no longer valid',
  resetSent: 'If there is an account with this address, a mail is on its way',
  codeRequired: 'Give the code of your authenticator app too',
  codeWrong: 'This code is not right, or was used before',
  codeIncomplete: 'Missing password or code',
  secondFactorExists: 'There is a second factor already',
  confirmMail: (url) => ({
    subject: 'Confirm your mail address',
    text: `Follow this link to confirm your mail address:\n\n${url}\n\nIf you did not ask for this, do nothing.\n`,
  }),
  takenMail: (url) => ({
    subject: 'You have an account already',
    text: `Somebody, perhaps you, has tried to register with this address or your name. To set a new password, follow this link:\n\n${url}\n\nElse do nothing.\n`,
  }),
  resetMail: (url) => ({
    subject: 'Set a new password',
    text: `Follow this link within an hour to set a new password:\n\n${url}\n\nIf you did not ask for this, do nothing.\n`,
  }),
}
