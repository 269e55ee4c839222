/**
 * Returns an address as the server keeps it. Google compares the addresses of users, guests and calendars without regard to case;
 * ids without an @, such as `primary`, are returned as they are.
 */
export const canonicalAddress = (id: string): string => (id.includes('@') ? id.toLowerCase() : id);

/** Returns whether the text has the form of a user's address. */
export const isAddress = (text: string): boolean => /^[^\s@/]+@[^\s@/]+$/.test(text);
