package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// selector is what a query asks for: a metric, and the labels that it goes by,
// those of the aggregations around it included.
type selector struct {
	Metric string   `json:"metric"`
	Labels []string `json:"labels"`
}

// reading is what the parser makes of a query.
type reading struct {
	Error     string     `json:"error,omitempty"`
	Selectors []selector `json:"selectors"`
}

// readQueries reads a query a line, each a JSON string, and prints what the
// parser makes of it.
func readQueries(in io.Reader, out io.Writer) error {
	queries := json.NewDecoder(bufio.NewReader(in))
	writer := bufio.NewWriter(out)
	encoder := json.NewEncoder(writer)
	for {
		var query string
		if err := queries.Decode(&query); err == io.EOF {
			return writer.Flush()
		} else if err != nil {
			return fmt.Errorf("reading a query: %w", err)
		}
		if err := encoder.Encode(readingOf(query)); err != nil {
			return fmt.Errorf("writing a reading: %w", err)
		}
	}
}

func readingOf(query string) reading {
	expression, err := parser.NewParser(parser.Options{}).ParseExpr(query)
	if err != nil {
		return reading{Error: err.Error(), Selectors: []selector{}}
	}
	found := reading{Selectors: []selector{}}
	parser.Inspect(expression, func(node parser.Node, path []parser.Node) error {
		asked, isSelector := node.(*parser.VectorSelector)
		if !isSelector {
			return nil
		}
		names := map[string]bool{}
		for _, matcher := range asked.LabelMatchers {
			names[matcher.Name] = true
		}
		for _, around := range path {
			if aggregation, isAggregation := around.(*parser.AggregateExpr); isAggregation {
				for _, name := range aggregation.Grouping {
					names[name] = true
				}
			}
		}
		delete(names, labels.MetricName)
		found.Selectors = append(found.Selectors, selector{Metric: asked.Name, Labels: sorted(names)})
		return nil
	})
	return found
}

func sorted(names map[string]bool) []string {
	all := make([]string, 0, len(names))
	for name := range names {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}
