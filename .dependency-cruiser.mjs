/**
 * The folders of `functions/`, from the top layer to the bottom. A folder may import only folders of the layers below it, and none
 * of its own layer.
 */
const LAYERS = [
  ['receive', 'sync', 'renew'],
  ['agenda'],
  ['mirror'],
  ['feed'],
  ['watches'],
  ['firestore'],
  ['meetings'],
  ['calendar'],
  ['runtime'],
];

const folder = (names) => `^functions/(${names.join('|')})/`;

const upwards = LAYERS.slice(1).map((names, index) => ({
  name: `${names.join('-')}-imports-upwards`,
  comment: `functions/${names.join(', ')} may import only what is below it`,
  severity: 'error',
  from: { path: folder(names) },
  to: { path: [folder(LAYERS.slice(0, index + 1).flat()), '^functions/config\\.ts$'] },
}));

const sideways = LAYERS[0].map((name) => ({
  name: `${name}-imports-another-function`,
  comment: 'a deployed function does not import another; shared code is in the layers below',
  severity: 'error',
  from: { path: folder([name]) },
  to: { path: folder(LAYERS[0].filter((other) => other !== name)) },
}));

/** The folders of the Calendar emulator, likewise. */
const EMULATOR_LAYERS = [
  ['command', 'control', 'compare'],
  ['scenarios'],
  ['seed'],
  ['api', 'wire', 'oauth', 'discovery', 'served'],
  ['page'],
  ['routes'],
  ['channels'],
  ['event'],
  ['faults', 'journal', 'persistence'],
  ['state'],
  ['protocol', 'definition'],
];

const emulatorFolder = (names) => `^infra/emulator/(${names.join('|')})/`;

const emulatorUpwards = EMULATOR_LAYERS.slice(1).map((names, index) => ({
  name: `emulator-${names.join('-')}-imports-upwards`,
  comment: `infra/emulator/${names.join(', ')} may import only what is below it`,
  severity: 'error',
  from: { path: emulatorFolder(names) },
  to: {
    path: [
      emulatorFolder(EMULATOR_LAYERS.slice(0, index + 1).flat()),
      '^infra/emulator/(index|main|server|types)\\.ts$',
    ],
  },
}));

export default {
  forbidden: [
    ...upwards,
    ...sideways,
    ...emulatorUpwards,
    {
      name: 'config-is-for-entries',
      comment: 'only the entries of functions and the command line read environment variables',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/(receive|sync|renew)/(index|create)\\.ts$' },
      to: { path: '^functions/config\\.ts$' },
    },
    {
      name: 'functions-stand-alone',
      comment: 'functions/ is deployed and installed without infra/ and test/',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|test)/' },
    },
    {
      name: 'infra-without-tests',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^test/' },
    },
    {
      name: 'emulator-stands-alone',
      comment:
        'the Calendar emulator is a separate package; it bundles functions/calendar to read recurrence rules',
      severity: 'error',
      from: { path: '^infra/emulator/' },
      to: { path: '^(infra|functions)/', pathNot: '^(infra/emulator|functions/calendar)/' },
    },
    {
      name: 'local-without-the-command-line',
      comment: 'the command line uses infra/local, and both use infra/terminal',
      severity: 'error',
      from: { path: '^infra/(local|emulator)/' },
      to: { path: '^infra/cli/' },
    },
    {
      name: 'terminal-stands-alone',
      comment: 'infra/terminal is shared by the command line and infra/local',
      severity: 'error',
      from: { path: '^infra/terminal/' },
      to: { path: '^infra/', pathNot: '^infra/terminal/' },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
