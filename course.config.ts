import type {CourseConfig} from "./tools/course.js";

/**
 * All that a teacher sets, in one file. What each line means is in tools/course.ts and on the page /teach; a mistake
 * fails the build with a sentence.
 */
const course: CourseConfig = {
  title: "DDIM Notebook",
  term: "", // such as "Generative models, spring 2027"; stands under the title
  links: [], // such as {name: "Course forum", href: "https://example.edu/forum"}; stand at the end of the sidebar
  chapters: "all", // or the paths of those that are shown, in their order: ["/", "/forward", "/ddim"]
  solutions: "shown", // or "hidden": the site holds no solutions of exercises then, and explanations show on success
  offline: false, // or true: pages that were visited stay readable without a connection
  figures: {
    points: "tri", // the data set of the sampler on /ddim
    schedule: "linear", // or "cosine": of the cloud that turns into noise on /forward
    steps: 20, // S, of the sampler on /ddim
    seed: 1 // of the noise of these two, and of the first page
  }
};

export default course;
