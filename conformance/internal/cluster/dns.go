package cluster

import (
	"fmt"
	"slices"
	"strconv"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pilot/pkg/networking/serviceentry"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/injection"
)

const captureVariable = "ISTIO_META_DNS_CAPTURE"

// CapturesDNS says whether a workload's sidecar answers its DNS requests.
func (c *Cluster) CapturesDNS(w *Workload) bool {
	captures, _ := strconv.ParseBool(injection.ProxyConfig(w.Pod, c.MeshConfig).GetProxyMetadata()[captureVariable])
	return captures
}

// allocate gives ServiceEntries the addresses that istiod's controller would
// write into their status, for the sidecars that answer DNS requests: no
// controller runs in the test server.
func (c *Cluster) allocate() {
	if !slices.ContainsFunc(c.Workloads, c.CapturesDNS) {
		return
	}
	next := 0
	for index, config := range c.Configs {
		if !serviceentry.ShouldV2AutoAllocateIPFromConfig(config) {
			continue
		}
		status := &networking.ServiceEntryStatus{}
		for _, host := range config.Spec.(*networking.ServiceEntry).Hosts {
			next++
			status.Addresses = append(status.Addresses, &networking.ServiceEntryAddress{Value: fmt.Sprintf("240.240.0.%d", next), Host: host})
		}
		c.Configs[index].Status = status
	}
}
