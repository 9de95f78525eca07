//go:build linux

package dataplane

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/cdk8s-istio-mtls/cdk8s-istio-mtls/conformance/internal/cluster"
)

// gateway is the router's address on every pod's link.
const gateway = "169.254.1.1"

// worldAddress is that of the host which stands for everything outside.
const worldAddress = "169.254.1.2"

// worldPort is where it takes calls to any address and port.
const worldPort = 15999

// network is a node's: a router with a link to each pod, which does what
// kube-proxy does for services, and a link to the world.
type network struct {
	router *namespace
	world  *namespace
	pods   map[string]*namespace
}

func newNetwork(c *cluster.Cluster, addresses []string) (*network, error) {
	n := &network{pods: map[string]*namespace{}}
	if err := n.build(c, addresses); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

func (n *network) build(c *cluster.Cluster, addresses []string) (err error) {
	if n.router, err = newNamespace(); err != nil {
		return err
	}
	for _, setting := range []string{"conf/all/rp_filter", "conf/default/rp_filter"} {
		if err := n.router.set(setting, "0"); err != nil {
			return err
		}
	}
	if err := n.router.set("ip_forward", "1"); err != nil {
		return err
	}
	if n.world, err = n.attach(worldAddress, "world"); err != nil {
		return err
	}
	if err := n.router.run("", "ip", "route", "add", "default", "via", worldAddress, "dev", "world", "onlink"); err != nil {
		return err
	}
	redirect := fmt.Sprintf("*nat\n-A PREROUTING -i eth0 -p tcp -j REDIRECT --to-ports %d\nCOMMIT\n", worldPort)
	if err := n.world.run(redirect, "iptables-restore"); err != nil {
		return err
	}
	for index, address := range addresses {
		if n.pods[address], err = n.attach(address, fmt.Sprintf("pod%d", index)); err != nil {
			return err
		}
	}
	return n.router.run(serviceRules(c), "iptables-restore")
}

// attach makes a namespace with one address, linked to the router.
func (n *network) attach(address, name string) (*namespace, error) {
	pod, err := newNamespace()
	if err != nil {
		return nil, err
	}
	outer := fmt.Sprintf(`link add %[1]s type veth peer name eth0 netns %[2]s
addr add %[3]s/32 dev %[1]s
link set %[1]s up
route add %[4]s dev %[1]s
`, name, pod.path(), gateway, address)
	inner := fmt.Sprintf(`link set lo up
addr add %[1]s/32 dev eth0
link set eth0 up
route add %[2]s dev eth0
route add default via %[2]s
`, address, gateway)
	if err := n.router.run(outer, "ip", "-batch", "-"); err != nil {
		pod.close()
		return nil, err
	}
	if err := pod.run(inner, "ip", "-batch", "-"); err != nil {
		pod.close()
		return nil, err
	}
	return pod, nil
}

// serviceRules are kube-proxy's: a service's address leads to one of its
// endpoints by chance, or is refused.
func serviceRules(c *cluster.Cluster) string {
	var nat, filter strings.Builder
	for _, service := range c.Services {
		if service.Headless() || service.IsExternalName() {
			continue
		}
		for _, port := range service.Ports {
			if port.Protocol != corev1.ProtocolTCP {
				continue
			}
			for index, endpoint := range port.Endpoints {
				fmt.Fprintf(&nat, "-A PREROUTING -d %s -p tcp --dport %d -m statistic --mode random --probability %.6f -j DNAT --to-destination %s:%d\n",
					service.Spec.ClusterIP, port.Port, 1/float64(len(port.Endpoints)-index), endpoint.IP, endpoint.Port)
			}
		}
		fmt.Fprintf(&filter, "-A FORWARD -d %s -p tcp -j REJECT --reject-with tcp-reset\n", service.Spec.ClusterIP)
	}
	for _, workload := range c.Workloads {
		for _, pod := range workload.Pods() {
			// Whoever reaches itself by a service must get the answer from there, too.
			fmt.Fprintf(&nat, "-A POSTROUTING -s %[1]s -d %[1]s -j MASQUERADE\n", pod.Status.PodIP)
		}
	}
	return fmt.Sprintf("*nat\n%sCOMMIT\n*filter\n%sCOMMIT\n", nat.String(), filter.String())
}

func (n *network) close() {
	for _, one := range n.pods {
		if one != nil {
			one.close()
		}
	}
	for _, one := range []*namespace{n.world, n.router} {
		if one != nil {
			one.close()
		}
	}
}
