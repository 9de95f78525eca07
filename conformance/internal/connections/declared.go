package connections

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
)

var declaredEntry = regexp.MustCompile(`^(?:([^/:\s]+)/)?([^/:\s]+)(?::([1-9]\d*))?$`)

// declares says whether the client's annotation names a call.
func (c *client) declares(made *call) bool {
	value, given := c.workload.Annotations[cluster.DeclaredCalls]
	return given && slices.ContainsFunc(strings.Split(value, ","), func(entry string) bool {
		parts := declaredEntry.FindStringSubmatch(strings.TrimSpace(entry))
		return parts != nil && c.names(made, parts[1], parts[2], parts[3])
	})
}

// names says whether a Service or a host with a port, if one is given, is that
// of a call. A name without dots is a Service's, unless some host is just that.
func (c *client) names(made *call, namespace, name, port string) bool {
	if port != "" && port != strconv.Itoa(made.Port) {
		return false
	}
	requested, host := plainName(made.Host), plainName(name)
	if namespace != "" {
		return requested == name+"."+namespace+".svc."+c.server.Cluster.Domain
	}
	if requested == host {
		return true
	}
	if !c.isHost(host) {
		host = fullName(host, c.workload, c.server.Cluster)
	}
	suffix, wildcard := strings.CutPrefix(requested, "*")
	return requested == host || (wildcard && strings.HasSuffix(host, suffix))
}

// isHost says whether a call may be made to a name as it is.
func (c *client) isHost(name string) bool {
	return slices.ContainsFunc(c.calls, func(made *call) bool { return plainName(made.Host) == name })
}

// plainName is a name as DNS compares it: in any case, with or without the dot at its end.
func plainName(name string) string {
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// fullName completes a Service's name, as clients resolve it.
func fullName(name string, from *cluster.Workload, in *cluster.Cluster) string {
	parts := strings.Split(name, ".")
	switch {
	case len(parts) == 1:
		return name + "." + from.Namespace + ".svc." + in.Domain
	case len(parts) == 2 && in.ServiceOfHost(name+".svc."+in.Domain) != nil:
		return name + ".svc." + in.Domain
	case len(parts) == 3 && parts[2] == "svc":
		return name + "." + in.Domain
	}
	return name
}
