/**
 * The meaning of every environment variable, by section of `infra/configuration.md`. The schemas in `functions/config.ts` and
 * `infra/cli/config.ts` have their types and defaults; a variable that is only in one of the two places is an error.
 */
export const VARIABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'Project, database and topics': {
    GOOGLE_CLOUD_PROJECT: 'Project id.',
    FIRESTORE_DATABASE: 'Database id.',
    NOTIFICATIONS_TOPIC: 'Topic of notifications: a name, or `projects/<project>/topics/<name>`.',
    CHANGES_TOPIC: 'Topic of changes: a name, or `projects/<project>/topics/<name>`.',
    CLOCK_TOPIC: 'Topic of the moments of events: a name, or `projects/<project>/topics/<name>`.',
    DEAD_LETTERS_TOPIC:
      'Topic of messages that can never be processed: a name, or `projects/<project>/topics/<name>`.',
    DEAD_LETTERS_SUBSCRIPTION: 'Subscription that `dead-letters` reads.',
    PUBSUB_ENDPOINT:
      'Root URL of Pub/Sub, such as `https://europe-west1-pubsub.googleapis.com`. Messages of an ordering key are ' +
      'ordered only if they are published in one region: set the region of the functions for all of them.',
  },
  Channels: {
    CHANNEL_ADDRESS:
      'Public HTTPS URL of `receive`, the `address` of every channel. May be plain HTTP with ' +
      '`CALENDAR_AUTH=emulator`.',
    CHANNEL_TOKEN_KEYS:
      '`kid:base64` pairs, comma-separated. The first signs channel tokens, all verify them. Each secret ' +
      'has 32 bytes or more: `openssl rand -base64 32` makes one. See [rotating the ' +
      'key](operations.md#rotating-the-key).',
  },
  Times: {
    CHANNEL_TTL_SECONDS: 'Lifetime requested for a channel, spread by a little.',
    RENEW_BEFORE_SECONDS:
      'A channel is replaced when it has less than this left, or half of its lifetime if that is less. ' +
      'Must be less than `CHANNEL_TTL_SECONDS`.',
    MAX_STALENESS_SECONDS: 'A watch not synced for this long is polled.',
    POLL_SECONDS: 'Poll interval of watches without push.',
    RECONCILE_SECONDS:
      'Interval of full syncs of each watch, spread over a tenth, because incremental lists are not always ' +
      'complete; 0 for never. A calendar list has one every day.',
    MIN_SYNC_INTERVAL_SECONDS: 'Syncs of one watch start at least this far apart.',
    SYNC_DEADLINE_SECONDS: 'After this long a sync leaves the rest to a `continue` message.',
  },
  'Access to Google Calendar': {
    CALENDAR_AUTH:
      '`service-account`, `delegation` or `oauth`: see [credentials](terraform/README.md#credentials). ' +
      'With `emulator` the bearer token is the user. `spec.auth` of a watch overrides it.',
    DELEGATION_SERVICE_ACCOUNT:
      "Address of the service account that the domain trusts, for `delegation`. The function's own account " +
      'if not set.',
    OAUTH_TOKEN_STORE:
      'Where the refresh tokens of users are kept, with `oauth`: `secret-manager`, one secret per user, or `firestore`, encrypted with ' +
      '`OAUTH_KMS_KEY`: see [where refresh tokens are kept](terraform/README.md#where-refresh-tokens-are-kept).',
    OAUTH_KMS_KEY:
      'Cloud KMS key of the refresh tokens, as `projects/…/locations/…/keyRings/…/cryptoKeys/…`. Required with `firestore`.',
  },
  'Services: for emulators, tests and other clouds': {
    CALENDAR_API_ROOT_URL: "Root URL of the Calendar API, Google's if not set.",
    OAUTH_TOKEN_URL: 'Token endpoint of OAuth; for tests and other clouds.',
    OAUTH_AUTHORIZE_URL: 'Where `login` sends users to consent; for tests and other clouds.',
    IAM_CREDENTIALS_ROOT_URL: 'Root URL of IAM Credentials; for tests and other clouds.',
    SECRET_MANAGER_ROOT_URL: 'Root URL of Secret Manager; for tests and other clouds.',
    KMS_ROOT_URL: 'Root URL of Cloud KMS; for tests and other clouds.',
    CLOUD_API_ROOT_URL:
      "Root URL of the other Google Cloud APIs that `doctor` calls, Google's if not set; for tests and " +
      'other clouds.',
    FIRESTORE_EMULATOR_HOST: "`host:port` of the Firestore emulator, as in Google's client libraries.",
    PUBSUB_EMULATOR_HOST: "`host:port` of the Pub/Sub emulator, as in Google's client libraries.",
  },
};
