module rollback-stacks/tools/go/gateway-api

go 1.26.0

// Only its manifests are used.
require sigs.k8s.io/gateway-api v1.6.3
