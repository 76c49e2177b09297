/** The workflow that `init` writes: a check of every pull request on a self-hosted runner. */

/** actions/checkout v7.0.1, see https://github.com/actions/checkout/releases/tag/v7.0.1 */
const checkout = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

/** Text of `.github/workflows/inference-gate.yml`. */
export function starterWorkflow(suitePath: string): string {
  return `# Checks every pull request against the recorded goldens, on your own hardware.
# Protect the branch with the check "gate", not "check": GitHub counts a skipped job as passed.
name: Inference Gate

on:
  pull_request:

permissions: {}

concurrency:
  group: inference-gate-\${{ github.event.pull_request.number }}
  cancel-in-progress: true

jobs:
  check:
    # Whoever can open a pull request from a fork could run code on your machine: forks are not run.
    if: github.event.pull_request.head.repo.full_name == github.repository
    # EDIT: the labels of the machine on which the goldens were recorded. It needs Node 20.12 or newer and the command
    # inference-gate on PATH (a link to dist/inference-gate.mjs of Inference Gate), installed by you, not by the pull request.
    runs-on: [self-hosted]
    timeout-minutes: 60
    permissions:
      contents: read
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
      - name: Check against the goldens
        env:
          SUITE: ${JSON.stringify(suitePath)}
        run: inference-gate check --suite "$SUITE"

  gate:
    # Fails when the check failed, was skipped or was cancelled: what was not checked has not passed.
    if: always()
    needs: check
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {}
    steps:
      - name: Passed only if the check passed
        env:
          RESULT: \${{ needs.check.result }}
        run: |
          echo "The check ended with: $RESULT"
          test "$RESULT" = success
`;
}
