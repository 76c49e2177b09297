/** The workflow that `init` writes: a check of every pull request on a self-hosted runner. */

/** actions/checkout v7.0.1, see https://github.com/actions/checkout/releases/tag/v7.0.1 */
const checkout = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

/** The address is the user's to fill in: a copy of this project in their own organisation, or the one that they have decided to trust. */
const action = `OWNER/inference-gate@${"0".repeat(40)}`;

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
    # EDIT: the labels of the machine on which the goldens were recorded. The gate itself needs nothing but the runner.
    runs-on: [self-hosted]
    timeout-minutes: 60
    permissions:
      contents: read
    steps:
      - uses: ${checkout}
        with:
          persist-credentials: false
          # With the base branch, so that goldens that the pull request changes itself are held against those it had.
          fetch-depth: 0
      # EDIT: where Inference Gate lives, and the full commit of its release.
      - uses: ${action}
        with:
          suite: ${JSON.stringify(suitePath)}

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
