export const db = { get: () => 4 }
