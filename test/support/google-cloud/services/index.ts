import type { Route } from '../routes.ts';
import { artifactRegistryRoutes } from './artifact-registry.ts';
import { bigqueryRoutes } from './bigquery.ts';
import { cloudBuildRoutes } from './cloud-build.ts';
import { firestoreRoutes } from './firestore.ts';
import { functionsRoutes } from './functions.ts';
import { loggingRoutes } from './logging.ts';
import { monitoringRoutes } from './monitoring.ts';
import { pubsubRoutes } from './pubsub.ts';
import { resourceManagerRoutes } from './resource-manager.ts';
import { runRoutes } from './run.ts';
import { schedulerRoutes } from './scheduler.ts';
import { secretManagerRoutes } from './secret-manager.ts';
import { serviceAccountRoutes } from './service-accounts.ts';
import { serviceUsageRoutes } from './service-usage.ts';
import { storageRoutes } from './storage.ts';

/** The APIs by the first label of their host. */
export const SERVICES: Readonly<Record<string, readonly Route[]>> = {
  artifactregistry: artifactRegistryRoutes,
  bigquery: bigqueryRoutes,
  cloudbuild: cloudBuildRoutes,
  cloudfunctions: functionsRoutes,
  cloudresourcemanager: resourceManagerRoutes,
  cloudscheduler: schedulerRoutes,
  firestore: firestoreRoutes,
  iam: serviceAccountRoutes,
  logging: loggingRoutes,
  monitoring: monitoringRoutes,
  pubsub: pubsubRoutes,
  run: runRoutes,
  secretmanager: secretManagerRoutes,
  serviceusage: serviceUsageRoutes,
  storage: storageRoutes,
};
