import type { PlanInput } from "../../components/plan/plan.ts";

/** People, texts, checklists and what is left to do afterwards. Rows M7 to M9 and M12. */
export const paperwork: Pick<
  PlanInput,
  "contacts" | "onCall" | "escalation" | "messages" | "checklists" | "reports" | "afterwards" | "troubleshooting"
> = {
  // M12
  contacts: {
    devopsOnCall: { title: "DevOps on-call", issues: ["Rollback not working"], escalatesTo: "vpEngineering" },
    dba: { title: "DBA", issues: ["Database issues"], escalatesTo: "cto" },
    customerSupport: { title: "Customer Support", issues: ["User impact"], escalatesTo: "cpo" },
    securityTeam: { title: "Security Team", issues: ["Security concern"], escalatesTo: "ciso" },
    devopsEngineer: { title: "DevOps Engineer" },
    devopsLead: { title: "DevOps Lead" },
    sreTeam: { title: "SRE Team" },
    sreOnCall: { title: "SRE on-call" },
    platformLead: { title: "Platform Lead" },
    designatedOnCall: { title: "Designated on-call" },
    vpEngineering: { title: "VP Engineering" },
    cto: { title: "CTO" },
    cpo: { title: "CPO" },
    ciso: { title: "CISO" },
  },
  onCall: [
    { when: "Weekday", primary: "devopsEngineer", backup: "sreTeam" },
    { when: "Weekend", primary: "sreOnCall", backup: "platformLead" },
    { when: "Holiday", primary: "designatedOnCall", backup: "cto" },
  ],
  escalation: [
    { role: "devopsEngineer", afterMinutes: 15 },
    { role: "devopsLead", afterMinutes: 30 },
    { role: "vpEngineering", afterMinutes: 60 },
    { role: "cto", afterMinutes: 60, when: "Critical issues" },
  ],
  messages: {
    stakeholders: {
      title: "Stakeholders",
      to: "Team and stakeholders",
      withinMinutes: 60,
      subject: "MindMend: rollback of the Gemini migration",
      text: "What happened: {whatHappened}\nCurrent status: {status}\nNext steps: {nextSteps}",
      fields: {
        whatHappened: "what triggered the rollback, and its impact",
        status: { what: "the level that was carried out, and how it was verified", from: "outcome" },
        nextSteps: "what is done now, and by whom",
      },
    },
  },
  // M7, M8
  checklists: {
    during: [
      "Every 10 seconds, until everything below is as it should be:",
      "Pods: `kubectl get pods -l app=mindmend -o wide`",
      "Recent errors: `kubectl logs -l app=mindmend --tail=20 | grep -i error`",
      'Request rate: `kubectl logs -l app=mindmend --tail=500 | grep -c "POST /api"`',
      "Health: `curl -s <address>/health`",
    ],
    after: [
      "`/health` returns 200",
      "Database connection works",
      "Redis connection works",
      "All pods are ready",
      "A user can log in",
      "A therapy session works, and AI responses are generated",
      "Sessions are saved to the database",
      "The dashboard loads",
      "100 requests at once: no errors, or very few",
      "Error rate below 1 %, latency p95 at baseline, no 500 errors",
      "CPU and memory usage normal, active users not affected",
    ],
  },
  // M9
  reports: {
    incident: {
      title: "Incident report",
      sections: [
        {
          fields: {
            level: { title: "Level", type: "text", from: "level" },
            start: { title: "Rollback started", type: "moment", from: "startedAt" },
            verified: { title: "Rollback verified", type: "moment", from: "verifiedAt" },
          },
        },
        { title: "What triggered the rollback", fields: { reason: { title: "Trigger", type: "text", from: "reason" } } },
        { title: "What actions were taken", fields: { actions: { title: "Action", type: "list", from: "commands" } } },
        { title: "What the impact was", fields: { impact: { title: "Impact on users", type: "paragraph" } } },
        { title: "Root cause", fields: { cause: { title: "Root cause", type: "paragraph", what: "if it is known" } } },
        {
          title: "Evidence",
          fields: {
            logs: { title: "The canary's logs are saved", type: "check" },
            metrics: { title: "The canary's metrics are saved", type: "check" },
          },
        },
      ],
    },
  },
  afterwards: [
    {
      within: "1 hour",
      title: "Tell, and keep the evidence",
      steps: [
        "Notify stakeholders: what happened, current status, next steps",
        "Save the logs and metrics of the canary, before it goes",
        "Write the incident report: what triggered the rollback, what was done, its impact, the root cause if it is known",
      ],
    },
    {
      within: "24 hours",
      title: "Find the cause",
      steps: [
        "Review logs and metrics, find the exact point of failure, write down the lessons",
        "Decide on the fix, update the migration plan, schedule another try where it applies",
        "Update the changelog, the risks and the runbook",
      ],
    },
    {
      within: "1 week",
      title: "Learn",
      steps: [
        "Post-mortem: what went wrong, why, how to prevent it, who does what",
        "Add new scenarios to this plan, improve it, and practise it in staging",
      ],
    },
  ],
  // M12; with this stack the last one cannot happen: settings are immutable and named by their content
  troubleshooting: [
    {
      problem: "Pods stuck in Terminating",
      answer: "Delete them without waiting. Traffic left them when they began to end.",
      commands: ["kubectl delete pod <pod> --grace-period=0 --force"],
    },
    {
      problem: "Image pull errors",
      answer:
        "Verify that the image exists and that the cluster may pull it. `pulumi up` names the image, the registry's answer and the pod.",
      commands: ["gcloud container images list-tags <image>"],
    },
    {
      problem: "Database connection pool exhausted",
      answer: "Restart what holds the connections.",
      commands: ["kubectl rollout restart deployment/<database>"],
    },
    {
      problem: "ConfigMap not updated",
      answer:
        "Cannot happen here: settings are immutable and named by content, so that a change makes new pods. `pulumi up` again converges.",
    },
  ],
};
