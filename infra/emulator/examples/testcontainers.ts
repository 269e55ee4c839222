/**
 * The Calendar emulator in a container, for tests in any language that Testcontainers supports; here in TypeScript.
 *
 *     npm install --save-dev testcontainers
 */
import { GenericContainer, TestContainers, Wait, type StartedTestContainer } from 'testcontainers';

const PORT = 9199;

/** Starts the emulator. `webhookPort` is the port of this machine on which the test receives notifications. */
export async function startEmulator(webhookPort: number): Promise<StartedTestContainer> {
  await TestContainers.exposeHostPorts(webhookPort);
  return await new GenericContainer('google-calendar-emulator')
    .withExposedPorts(PORT)
    .withCommand(['--seed', '/data/seed.json', '--log', 'all'])
    .withCopyContentToContainer([
      { target: '/data/seed.json', content: JSON.stringify({ users: [{ email: 'ada@example.com' }] }) },
    ])
    .withWaitStrategy(
      Wait.forAll([
        Wait.forLogMessage(/^Ready: /),
        Wait.forHttp('/emulator/health', PORT).forStatusCode(200),
      ]),
    )
    .start();
}

/** The root URL for the client under test. */
export const rootUrlOf = (container: StartedTestContainer): string =>
  `http://${container.getHost()}:${container.getMappedPort(PORT)}`;

/** The address for `events.watch`: the emulator reaches the test's port by this name. */
export const webhookOf = (webhookPort: number): string =>
  `http://host.testcontainers.internal:${webhookPort}/notifications`;
