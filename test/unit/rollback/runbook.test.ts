import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { wrapped } from "../../../cli/text.ts";
import { rollback } from "./operator.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-21T03:00:00Z"), toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

describe("the runbook in the terminal", () => {
  it("has every level of a plan in short, with this stack's name and values", async () =>
    expect((await rollback(["runbook"], { stack: "mindmend" })).printed).toMatchInlineSnapshot(`
      "MindMend, Gemini migration: rollback runbook
      Stack mindmend, 2026-11-21 03:00:00 UTC
      Recovery time: at most 5 minutes. Data loss: none.

      flag  Level 1: feature flag, at most 30 seconds
        When: Canary is running; An instant rollback is needed; No infrastructure change is needed.
          pulumi config set aiProvider openai --stack mindmend
          pulumi up --stack mindmend

      traffic  Level 2: traffic shift, at most 2 minutes
        When: Canary has issues; Traffic has to go back to the stable version; The old deployment is still
        running.
          pulumi config set --path canary.weight 0 --stack mindmend
          pulumi up --stack mindmend

      container  Level 3: container, at most 5 minutes
        When: Code changes introduced bugs; The previous image has to come back; A complete rollback of
        the deployment is required.
          pulumi config set --path stable.image registry.example/mindmend/mindmend-app@sha256:0000000000000000000000000000000000000000000000000000000000000000 --stack mindmend
          pulumi config rm canary --stack mindmend
          pulumi up --stack mindmend

      database  Level 4: database, at most 10 minutes
        When: The migration changed the database's schema; The schema has to go back; Data were migrated.
          pulumi config set --path stable.image registry.example/mindmend/mindmend-app@sha256:0000000000000000000000000000000000000000000000000000000000000000 --stack mindmend
          pulumi config rm canary --stack mindmend
          pulumi up --stack mindmend
          pulumi config set --path database.revision 0001 --stack mindmend
          pulumi up --stack mindmend

      endpoint  Partial: one endpoint, at most 2 minutes
        When: Only one endpoint has issues; Everything else works on the candidate.
        Only where traffic goes through a Gateway.
          pulumi config set --path pins.endpoints <path of the endpoint> --stack mindmend
          pulumi up --stack mindmend

      segment  Partial: one segment, at most 2 minutes
        When: Only one segment of users has issues, or must not be part of the experiment; Everybody else
        stays on the candidate.
        Only where traffic goes through a Gateway.
          pulumi config set --path pins.segments <segment> --stack mindmend
          pulumi up --stack mindmend

      One in full: rollback runbook <level>. Which are possible now: rollback check."
    `));

  it("has a level in full: what each lever becomes, with the image that sameAs names", async () =>
    expect((await rollback(["runbook", "container"], { stack: "mindmend" })).printed).toMatchInlineSnapshot(`
      "container  Level 3: container, at most 5 minutes
      Stack mindmend, 2026-11-21 03:00:00 UTC

      When
        - Code changes introduced bugs
        - The previous image has to come back
        - A complete rollback of the deployment is required

      What to type
        stable.image: mindmend-app@222222222222 → mindmend-app@000000000000
        canary.image: mindmend-app@222222222222 → not set
        canary.weight: 25 → not set
          pulumi config set --path stable.image registry.example/mindmend/mindmend-app@sha256:0000000000000000000000000000000000000000000000000000000000000000 --stack mindmend
          pulumi config rm canary --stack mindmend
          pulumi up --stack mindmend

      Or
          rollback to container --stack mindmend

      Verify
        - health answers 200
        - a therapy session is answered
        - 4 pods of stable
        - 100 sessions at once: below 1 % fail
        - sessions are answered in time
        - 10 of 10 sessions answered by openai
        - no pod of version=gemini left
        - the previous image runs
          rollback verify container --stack mindmend

      Who to call
        on call  primary             backup
        Weekday  DevOps Engineer     SRE Team
        Weekend  SRE on-call         Platform Lead
        Holiday  Designated on-call  CTO

        not mended after  call             when
        15 minutes        DevOps Engineer
        30 minutes        DevOps Lead
        60 minutes        VP Engineering
        60 minutes        CTO              Critical issues

        issue                 contact           escalates to
        Rollback not working  DevOps on-call    VP Engineering
        Database issues       DBA               CTO
        User impact           Customer Support  CPO
        Security concern      Security Team     CISO

      Within 1 hour: Tell, and keep the evidence
        - Notify stakeholders: what happened, current status, next steps
        - Save the logs and metrics of the canary, before it goes
        - Write the incident report: what triggered the rollback, what was done, its impact, the root
          cause if it is known

      Within 24 hours: Find the cause
        - Review logs and metrics, find the exact point of failure, write down the lessons
        - Decide on the fix, update the migration plan, schedule another try where it applies
        - Update the changelog, the risks and the runbook

      Within 1 week: Learn
        - Post-mortem: what went wrong, why, how to prevent it, who does what
        - Add new scenarios to this plan, improve it, and practise it in staging

      Last drilled: never; rehearse it before you rely on it."
    `));

  it("has a level of several steps in full, on a narrow terminal", async () =>
    expect((await rollback(["runbook", "code"], { stack: "wabot", columns: 60 })).printed).toMatchInlineSnapshot(`
      "code  Strategy 3: code, at most 20 minutes
      Stack wabot, 2026-11-21 03:00:00 UTC

      When
        - Bugs in the code
        - The database schema is unchanged
        - Flags and settings are not enough

      What it means
        - Risk: medium
        - Users get the maintenance page until it is over

      1. Maintenance on; workers finish what they have, within 4 minutes
        maintenance: not set → true
          pulumi config set maintenance true --stack wabot
          pulumi up --stack wabot

      2. The previous image, within 5 minutes
        stable.image: wabot@444444444444 → wabot@333333333333
          pulumi config set --path stable.image registry.example/wabot/wabot@sha256:3333333333333333333333333333333333333333333333333333333333333333 --stack wabot
          pulumi up --stack wabot

      3. Services start, maintenance off, within 4 minutes
        maintenance: true → false
          pulumi config set maintenance false --stack wabot
          pulumi up --stack wabot

      Or
          rollback to code --stack wabot

      Verify
        - health answers 200
        - 10 of 10 test messages answered
        - error rate below 1 %
        - p95 below 500 ms
        - 2 pods ready
        - no errors in the logs
        - the previous image serves
        - the previous image works
        - worker and beat are back
        - smoke test: product discovery is answered
          rollback verify code --stack wabot

      Watch
        - Error rate
        - Response time
        - Conversation completion rate

      If issues persist
        - database: Strategy 4: code and database

      Who to call
        Always
          primary: On-call engineer, primary
          backup: On-call engineer, secondary

        Every alert that pages
          contact: On-call engineer, primary
          escalates to: On-call engineer, secondary

        The primary does not answer
          contact: On-call engineer, secondary
          escalates to: On-call engineer, escalation

        Neither answers
          contact: On-call engineer, escalation

        Who does what, updates every 15 minutes, sign-off
          contact: Incident Commander

        Approval from 2 to 10 % of users, sign-off
          contact: Engineering Lead

        Approval from 2 to 5 % of users, business metrics
          contact: Product Manager

        Customer communication
          contact: Customer Success

        Support tickets
          contact: Support Lead

        Approval below 2 % of users
          contact: Team

        Infrastructure, backups
          contact: AWS Support

        The database service
          contact: Database Provider

        Metrics and alerts
          contact: Monitoring Service

      Within 1 hour: verify system stability
        - Monitor error rates for 1 hour
        - Verify all core functionality working
        - Check business metrics
        - Review customer feedback

      Within 1 hour: communication
        - Notify stakeholders of rollback
        - Update status page
        - Inform support team
        - Prepare customer communication

      Within 1 hour: incident documentation
        - Create incident report
        - Document timeline
        - Capture logs and metrics
        - Identify root cause

      Within 24 hours: root cause analysis
        - Analyze what went wrong
        - Identify contributing factors
        - Document lessons learned
        - Create action items

      Within 24 hours: fix development
        - Develop fix for identified issues
        - Add additional tests
        - Update deployment procedures
        - Plan re-deployment

      Within 24 hours: process improvements
        - Update rollback procedures
        - Improve monitoring
        - Enhance testing
        - Update documentation

      Within 1 week: incident review
        - Conduct team retrospective
        - Share learnings organization-wide
        - Update runbooks
        - Improve alerting

      Within 1 week: re-deployment planning
        - Develop comprehensive fix
        - Create detailed test plan
        - Plan phased rollout
        - Prepare enhanced monitoring

      Last drilled: never; rehearse it before you rely on it."
    `));

  it("says what is left to a person, and how to say it", async () => {
    const { printed } = await rollback(["runbook", "users"], { stack: "chat", columns: 120 });
    expect(printed).toContain(
      "  flags.retryLogic.except.users: not set → <user,user>, yours to choose; for example user1,user2,user3\n" +
        "    pulumi config set --path flags.retryLogic.except.users <user,user> --stack chat\n    pulumi up --stack chat\n",
    );
    expect(printed).toContain("\n    rollback to users --stack chat --choose flags.retryLogic.except.users=<user,user>\n");
  });

  it("names the nearest level for one that the plan does not have", async () =>
    expect(await rollback(["runbook", "trafic"], { stack: "mindmend" })).toMatchObject({
      code: 2,
      printed: "",
      said: "the plan of mindmend has no level trafic. Did you mean traffic? It has flag, traffic, container, database, endpoint, segment.",
    }));
});

describe("a line that is too long", () => {
  it("goes on below its first word, after a mark too", () =>
    expect(wrapped("  - one two three", 9)).toEqual(["  - one", "    two", "    three"]));
  it("is left whole where it has no blank, and as it is where it fits", () => {
    expect(wrapped("  registry.example/shop", 9)).toEqual(["  registry.example/shop"]);
    expect(wrapped("flag  Level 1", 20)).toEqual(["flag  Level 1"]);
  });
});
