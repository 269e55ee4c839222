import { pythonSuite } from '../../support/clients/python-suite.ts';

await pythonSuite('recurrence', import.meta.dirname, 'judge');
