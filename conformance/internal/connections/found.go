package connections

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// found collects connections: one that is met again on another kind of call
// or at another address is the same.
type found struct {
	all   []*Connection
	known map[string]*Connection
}

func newFound() *found { return &found{known: map[string]*Connection{}} }

func (f *found) add(c Connection) {
	via, configs := c.Via, c.Configs
	c.Via, c.Configs = nil, nil
	key, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	same := f.known[string(key)]
	if same == nil {
		same = &c
		f.known[string(key)] = same
		f.all = append(f.all, same)
	}
	for _, kind := range via {
		if !slices.Contains(same.Via, kind) {
			same.Via = append(same.Via, kind)
		}
	}
	for _, config := range configs {
		if !slices.ContainsFunc(same.Configs, config.equals) {
			same.Configs = append(same.Configs, config)
		}
	}
}

// sorted gives the judged and the unjudged ones, by client, request and server.
func (f *found) sorted() (judged, unjudged []Connection) {
	judged, unjudged = []Connection{}, []Connection{}
	slices.SortStableFunc(f.all, func(a, b *Connection) int {
		return cmp.Or(
			a.Client.compare(b.Client),
			strings.Compare(a.Requested.Host, b.Requested.Host),
			cmp.Compare(a.Requested.Port, b.Requested.Port),
			compareServers(a.Server, b.Server),
			strings.Compare(a.Service.Host, b.Service.Host),
			cmp.Compare(a.Service.Port, b.Service.Port),
			strings.Compare(a.Service.Subset, b.Service.Subset),
		)
	})
	for _, c := range f.all {
		slices.Sort(c.Via)
		if c.Why == "" {
			judged = append(judged, *c)
		} else {
			unjudged = append(unjudged, *c)
		}
	}
	return judged, unjudged
}

func (w Workload) compare(other Workload) int {
	return cmp.Or(
		strings.Compare(w.Namespace, other.Namespace),
		strings.Compare(w.Name, other.Name),
		strings.Compare(w.Kind, other.Kind),
	)
}

func compareServers(a, b *ServerPort) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return cmp.Or(a.Workload.compare(b.Workload), cmp.Compare(a.Port, b.Port))
}
