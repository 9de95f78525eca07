// Command prometheus answers queries as Prometheus' own engine does: it reads
// a question a line, and prints one answer a line, as the HTTP API gives it.
//
//	prometheus < questions.jsonl > answers.jsonl
//
// With the argument read it answers nothing, but tells what the parser makes of
// queries: the metrics and labels that each asks for.
//
//	prometheus read < queries.jsonl > readings.jsonl
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// question is a query, and all that was scraped.
type question struct {
	Query string `json:"query"`
	// At is when it is asked, in seconds since 1970.
	At int64 `json:"at"`
	// Interval is how many seconds lie between two scrapes; the first is at 0.
	Interval int64    `json:"interval"`
	Series   []series `json:"series"`
}

// series has one value a scrape: a number, "gone" where the series ends, and
// null where nothing was scraped.
type series struct {
	Labels map[string]string `json:"labels"`
	Values []any             `json:"values"`
}

type sample struct {
	Metric labels.Labels `json:"metric"`
	Value  [2]any        `json:"value"`
}

type answer struct {
	Status   string   `json:"status"`
	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	Data     *data    `json:"data,omitempty"`
}

type data struct {
	ResultType string   `json:"resultType"`
	Result     []sample `json:"result"`
}

func main() {
	work := run
	if len(os.Args) == 2 && os.Args[1] == "read" {
		work = readQueries
	}
	if err := work(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "prometheus:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 50_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute})
	questions := json.NewDecoder(bufio.NewReader(in))
	writer := bufio.NewWriter(out)
	encoder := json.NewEncoder(writer)
	for {
		var asked question
		if err := questions.Decode(&asked); err == io.EOF {
			return writer.Flush()
		} else if err != nil {
			return fmt.Errorf("reading a question: %w", err)
		}
		if err := encoder.Encode(answerTo(engine, asked)); err != nil {
			return fmt.Errorf("writing an answer: %w", err)
		}
	}
}

func answerTo(engine *promql.Engine, asked question) answer {
	failed := func(err error) answer { return answer{Status: "error", Error: err.Error()} }
	query, err := engine.NewInstantQuery(context.Background(), scraped(asked), nil, asked.Query, time.Unix(asked.At, 0))
	if err != nil {
		return failed(err)
	}
	defer query.Close()
	result := query.Exec(context.Background())
	vector, err := result.Vector()
	if err != nil {
		return failed(err)
	}
	warnings, _ := result.Warnings.AsStrings(asked.Query, 0, 0)
	found := data{ResultType: "vector", Result: []sample{}}
	for _, one := range vector {
		at := float64(one.T) / 1000
		found.Result = append(found.Result, sample{Metric: one.Metric, Value: [2]any{at, strconv.FormatFloat(one.F, 'f', -1, 64)}})
	}
	return answer{Status: "success", Warnings: warnings, Data: &found}
}

// scraped is a storage of what a question brings.
func scraped(asked question) storage.Queryable {
	all := make([]storage.Series, 0, len(asked.Series))
	names := make([]labels.Labels, 0, len(asked.Series))
	for _, one := range asked.Series {
		name := labels.FromMap(one.Labels)
		names = append(names, name)
		all = append(all, storage.NewListSeries(name, samplesOf(one, asked.Interval)))
	}
	return &storage.MockQueryable{MockQuerier: &storage.MockQuerier{
		SelectMockFunction: func(_ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
			var matching []storage.Series
			for index, name := range names {
				if matches(name, matchers) {
					matching = append(matching, all[index])
				}
			}
			return &seriesSet{all: matching, at: -1}
		},
	}}
}

func matches(name labels.Labels, matchers []*labels.Matcher) bool {
	for _, matcher := range matchers {
		if !matcher.Matches(name.Get(matcher.Name)) {
			return false
		}
	}
	return true
}

func samplesOf(one series, interval int64) []chunks.Sample {
	var samples []chunks.Sample
	for index, scrape := range one.Values {
		at := int64(index) * interval * 1000
		switch read := scrape.(type) {
		case float64:
			samples = append(samples, point{at, read})
		case string:
			samples = append(samples, point{at, math.Float64frombits(value.StaleNaN)})
		}
	}
	return samples
}

type seriesSet struct {
	all []storage.Series
	at  int
}

func (s *seriesSet) Next() bool                        { s.at++; return s.at < len(s.all) }
func (s *seriesSet) At() storage.Series                { return s.all[s.at] }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

// point is a sample that is a number.
type point struct {
	at    int64
	value float64
}

func (p point) T() int64                      { return p.at }
func (p point) ST() int64                     { return 0 }
func (p point) F() float64                    { return p.value }
func (p point) H() *histogram.Histogram       { return nil }
func (p point) FH() *histogram.FloatHistogram { return nil }
func (p point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample           { return p }
