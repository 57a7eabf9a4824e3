// Import this before anything else: what follows may use what only newer versions have.
const NEEDED = { major: 20, minor: 19 };

/**
 * @param {string} version as process.versions.node gives it
 * @returns {string | null} the sentence to show, or null where the version will do
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor);
  if (isEnough) return null;
  return `Unroll needs Node ${NEEDED.major}.${NEEDED.minor} or later, and this is Node ${version}. Install a newer one from nodejs.org or your package manager, then run the same command again.`;
}

const problem = nodeProblem(process.versions.node);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}
