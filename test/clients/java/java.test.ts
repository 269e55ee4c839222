import { clientSuite } from '../../support/clients/client-suite.ts';

/** Writes the class path of the dependencies to a file. Maven downloads nothing else. */
const CLASS_PATH = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath';

await clientSuite({
  name: 'Java',
  folder: import.meta.dirname,
  toolchain: ['javac', 'mvn', 'sh'],
  prepare: [
    ['mvn', '-q', '-B', CLASS_PATH, '-Dmdep.outputFile=classpath'],
    ['sh', '-c', 'javac -encoding UTF-8 -cp "$(cat classpath)" -d classes *.java'],
  ],
  run: [['sh', '-c', 'java -Dfile.encoding=UTF-8 -cp "classes:$(cat classpath)" Main']],
});
