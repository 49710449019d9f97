import { describe, expect, it } from "vitest";
import { parseHierarchies } from "../../../tools/cluster/cgroups.ts";

describe("the machine's cgroup hierarchies", () => {
  it("are one for version 2, at the top whatever else is mounted", () => {
    const mountinfo = "24 23 0:21 / /sys rw - sysfs sysfs rw\n29 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
    expect(parseHierarchies(mountinfo, "0::/user.slice/session-3.scope\n")).toEqual([
      { version: 2, mountPoint: "/sys/fs/cgroup", options: "", own: "/user.slice/session-3.scope" },
    ]);
  });

  it("are one for each set of version 1 controllers, with the caller's own group and what mounts them again", () => {
    const mountinfo = [
      "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755",
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
      "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
      "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/agent,name=systemd",
      "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
    ].join("\n");
    const selfCgroup = "9:name=systemd:/init\n4:memory:/mine/a:b\n1:cpu,cpuacct:/\n0::/x\n";
    expect(parseHierarchies(mountinfo, selfCgroup)).toEqual([
      { version: 1, mountPoint: "/sys/fs/cgroup/cpu,cpuacct", options: "cpu,cpuacct", own: "/" },
      { version: 1, mountPoint: "/sys/fs/cgroup/memory", options: "memory", own: "/mine/a:b" },
      { version: 1, mountPoint: "/sys/fs/cgroup/systemd", options: "none,name=systemd", own: "/init" },
      { version: 2, mountPoint: "/sys/fs/cgroup/unified", options: "", own: "/x" },
    ]);
  });
});
